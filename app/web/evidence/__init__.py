"""Evidence as everybody sees it: pictures of published assessments, without what a camera wrote into them."""
