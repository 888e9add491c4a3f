"""The pipeline: projects with their stages and money, by area."""
