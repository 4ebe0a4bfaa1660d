"""What leaves: composed, claimed, sent, recorded; bounces and interrupted sends come back here."""
