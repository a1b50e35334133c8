-- Boxes that lie on a grid.
local Grid = {}
Grid.__index = Grid

function Grid.new(width, height)
	local self = setmetatable({}, Grid)
	self.width = width
	self.height = height
	self.cells = {}
	return self
end

function Grid:index(x, y)
	return (y - 1) * self.width + x
end

function Grid:put(x, y, box)
	self.cells[self:index(x, y)] = box
end

function Grid:at(x, y)
	return self.cells[self:index(x, y)]
end

function Grid:count()
	local n = 0
	for _ in pairs(self.cells) do
		n = n + 1
	end
	return n
end

function Grid:draw(out)
	for y = 1, self.height do
		local line = {}
		for x = 1, self.width do
			line[x] = self:at(x, y) and "#" or "."
		end
		out:write(table.concat(line), "\n")
	end
end

return Grid
