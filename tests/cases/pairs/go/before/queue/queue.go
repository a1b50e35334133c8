package queue

import (
	"errors"
	"fmt"
	"sync"
)

// ErrClosed says that nothing more is taken.
var ErrClosed = errors.New("queue: \"closed\"")

// Queue holds jobs in the order they came.
type Queue struct {
	mu     sync.Mutex
	jobs   []Job
	closed bool
	limit  int
}

// Job is one piece of work.
type Job struct {
	Name  string
	Tries int
}

// New makes a queue of at most limit jobs.
func New(limit int) *Queue {
	return &Queue{limit: limit}
}

// Push adds a job at the end.
func (q *Queue) Push(j Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	q.jobs = append(q.jobs, j)
	return nil
}

// Pop takes the first job.
func (q *Queue) Pop() (Job, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 {
		return Job{}, false
	}
	j := q.jobs[0]
	q.jobs = q.jobs[1:]
	return j, true
}

// Retry puts a job back, unless it was tried too often.
func (q *Queue) Retry(j Job, most int) error {
	j.Tries++
	if j.Tries > most {
		return fmt.Errorf("%s -- tried <%d> times", j.Name, j.Tries)
	}
	return q.Push(j)
}

// Close ends the queue.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
}
