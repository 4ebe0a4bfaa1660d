"""What a message says about itself: its intent, language, mood and how pressing it is. No model is asked over a wire."""
