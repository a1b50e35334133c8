# frozen_string_literal: true

require "json"
require "time"

# Events of a day, in order.
class Diary
  Event = Struct.new(:at, :text)

  attr_reader :events

  def initialize(events = [])
    @events = events
  end

  def self.load(path)
    data = JSON.parse(File.read(path))
    events = data.map { |item| Event.new(Time.parse(item["at"]), item["text"]) }
    new(events)
  end

  def add(at, text)
    @events << Event.new(at, text)
    self
  end

  def on(day)
    @events.select { |event| event.at.to_date == day }
  end

  def to_html
    rows = @events.map do |event|
      "<dt>#{event.at.iso8601}</dt><dd>#{event.text}</dd>"
    end
    "<dl>\n" + rows.join("\n") + "\n</dl>"
  end

  def to_s
    @events.map { |event| "#{event.at} -- \"#{event.text}\"" }.join("\n")
  end
end
