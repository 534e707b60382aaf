"""The Tuva input layer: eligibility spans and claim lines of any payer as one open-source project lays them out."""
