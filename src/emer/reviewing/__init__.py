"""What people say about Reports: sheets that they fill in, verdicts kept in the Reports, labels of several people.

Here belongs what turns a verdict into a review and reviews into labels. Where a corrected case is kept is the memory's.
"""
