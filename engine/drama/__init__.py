"""What moves a story: relations and their rules, motifs, knowledge and moods."""
