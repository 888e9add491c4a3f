"""What tests stand on: database, web client, rasters."""
