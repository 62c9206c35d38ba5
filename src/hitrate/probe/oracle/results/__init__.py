"""What results are besides their content: memos that are filled in use, things that are themselves."""
