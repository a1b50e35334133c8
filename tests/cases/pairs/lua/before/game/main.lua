local Grid = require("grid")
print(Grid.new(2, 2):count())
