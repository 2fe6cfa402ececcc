"""A store on the web: a SPARQL endpoint for programs, a site for readers, a desk for clerks."""
