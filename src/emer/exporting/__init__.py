"""Reports in the forms that other tools read: tables, training data, subtitles, tiers for annotators.

Here belongs one module for each family of formats. What people said of a Report is already in it (`reviewing`); every
export uses labels and sentences as reviewed.
"""
