"""The invented town of Sjölanda: who works there, what has happened, and how it is started."""
