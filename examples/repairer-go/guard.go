package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

// Guard asks where the migration stands, right before a row is written: an event may be older than a switch of the stage,
// and a copy in the old direction would overwrite the right side.
type Guard struct {
	Coordinator, Migration string
}

const answerMax = 10 * time.Second

// Allows is true when the side that the event trusts is the one that the migration trusts now.
func (g Guard) Allows(ctx context.Context, direction string) (bool, error) {
	if g.Migration == "" {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerMax)
	defer cancel()
	address := g.Coordinator + "/v1/migrations/" + url.PathEscape(g.Migration)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, err
	}
	if token := os.Getenv("ROWPARITY_HTTP_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return false, fmt.Errorf("the coordinator answered %s about migration %s", response.Status, g.Migration)
	}
	var migration struct{ Direction string }
	if err := json.NewDecoder(response.Body).Decode(&migration); err != nil {
		return false, err
	}
	return migration.Direction == direction, nil
}
