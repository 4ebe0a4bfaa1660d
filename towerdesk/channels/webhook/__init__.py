"""Any program that speaks JSON: signed by Standard Webhooks (https://www.standardwebhooks.com), read by a few paths."""
