package org.example.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Keeps what was asked for last.
 */
public class Cache<K, V> {

    private final int capacity;
    private final Map<K, V> entries;
    private long hits;
    private long misses;

    public Cache(int capacity) {
        this.capacity = capacity;
        this.entries = new LinkedHashMap<>(16, 0.75f, true);
    }

    public synchronized V get(K key, Function<K, V> load) {
        V value = entries.get(key);
        if (value != null) {
            hits++;
            return value;
        }
        misses++;
        value = load.apply(key);
        put(key, value);
        return value;
    }

    public synchronized void put(K key, V value) {
        entries.put(key, value);
        if (entries.size() > capacity) {
            K oldest = entries.keySet().iterator().next();
            entries.remove(oldest);
        }
    }

    public synchronized void clear() {
        entries.clear();
    }

    public synchronized double rate() {
        return (double) hits / (hits + misses);
    }

    @Override
    public synchronized String toString() {
        return "Cache \"" + entries.size() + "\" -- <" + rate() + ">";
    }
}
