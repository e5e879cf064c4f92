"""Order tracking: orders with their history, documents, requests and exports."""
