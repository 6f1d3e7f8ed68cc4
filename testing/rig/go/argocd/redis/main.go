// A Redis server in memory, for Argo CD's cache: nothing else need be installed.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: redis HOST:PORT")
		os.Exit(2)
	}
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening on", server.Addr())
	// miniredis has a clock that only moves when it is told to: without this no key would ever expire.
	for range time.Tick(time.Second) {
		server.FastForward(time.Second)
	}
}
