#!/usr/bin/env python3
"""Read a table of measurements and say what stands out."""
import argparse
import csv
import sys


class Table:
    """Rows of numbers by name."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def read(cls, path):
        with open(path) as stream:
            reader = csv.reader(stream)
            header = next(reader)
            rows = [dict(zip(header, row)) for row in reader]
        return cls(rows)

    def column(self, name):
        values = []
        for row in self.rows:
            if name in row:
                values.append(float(row[name]))
        return values

    def largest(self, name, count=3):
        values = sorted(self.column(name))
        return values[-count:]


def describe(values):
    if not values:
        return 'nothing -- "no values" found'
    mean = sum(values) / len(values)
    return "mean %.2f, from %.2f to %.2f" % (mean, min(values), max(values))


def parse_arguments(argv):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", help="the table")
    parser.add_argument("--column", default="time")
    parser.add_argument("--count", type=int, default=3)
    return parser.parse_args(argv)


def main(argv=None):
    options = parse_arguments(argv)
    table = Table.read(options.path)
    print(describe(table.column(options.column)))
    for value in table.largest(options.column, options.count):
        print("  %s & %.3f <ms>" % (options.column, value))
    return 0


if __name__ == "__main__":
    sys.exit(main())
