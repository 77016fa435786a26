"""Rules about medicines: allergy, interaction, duplicate, kidneys, pregnancy. Few, as data, each with its source."""
