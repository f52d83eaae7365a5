"""Gets from the public web what people have linked to, and nothing from the network of the operator."""
