"""The SPARQL 1.1 Protocol and the Graph Store Protocol for reading, over processes that can be stopped."""
