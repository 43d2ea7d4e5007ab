package terraform

import (
	"slices"
	"testing"
)

const (
	// After a change the provider must see a target this many times in a row; a new
	// resource may be missing this many times in a row.
	targetsInARow, missesInARow = 2, 20

	// A server that never reaches the state fails the test instead of hanging it. There
	// is no delay between two polls here, unlike in the provider.
	patience = 100_000
)

// found is the result of a poll: nothing if the resource does not exist, for which only a
// typed not-found error is accepted.
func found[T any](resource *T, state string, err error) (*T, string, error) {
	if isGone(err) {
		return nil, "", nil
	}
	return resource, state, err
}

// await polls until the resource is in the target state twice in a row. Until then it may
// be in the pending state, if there is one.
func await[T any](t *testing.T, poll func() (*T, string, error), pending, target string) *T {
	t.Helper()
	hits, misses := 0, 0
	for range patience {
		resource, state, err := poll()
		switch {
		case err != nil:
			t.Fatal(err)
		case resource == nil:
			misses, hits = misses+1, 0
			if misses > missesInARow {
				t.Fatal("it is not found")
			}
		case state == target:
			misses, hits = 0, hits+1
			if hits == targetsInARow {
				return resource
			}
		case state == pending:
			misses, hits = 0, 0
		default:
			t.Fatalf("unexpected state %q, wanted %q", state, target)
		}
	}
	t.Fatalf("it does not become %q", target)
	return nil
}

// awaitGone polls until the resource is not found. Until then it may be in these states.
func awaitGone[T any](t *testing.T, poll func() (*T, string, error), pending ...string) {
	t.Helper()
	for range patience {
		resource, state, err := poll()
		switch {
		case err != nil:
			t.Fatal(err)
		case resource == nil:
			return
		case !slices.Contains(pending, state):
			t.Fatalf("unexpected state %q on the way out", state)
		}
	}
	t.Fatal("it does not go")
}
