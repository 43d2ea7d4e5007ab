// The journey of ../journey.md with the AWS SDK for Go v2.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivschat"
)

// modules are those of the SDK that the journey is about.
var modules = []string{
	"github.com/aws/aws-sdk-go-v2/service/ivs",
	"github.com/aws/aws-sdk-go-v2/service/ivschat",
}

var (
	ctx = context.Background()

	// once calls once; patient retries like the SDK by default.
	once, patient *ivs.Client
	// chat calls once.
	chat *ivschat.Client
)

type step struct {
	name string
	run  func()
}

// printVersions prints the versions of the modules that the program was built with.
func printVersions() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if slices.Contains(modules, module.Path) {
			fmt.Printf("sdk %s %s\n",
				strings.TrimPrefix(module.Path, "github.com/aws/"), module.Version)
		}
	}
}

// take runs one step: the value of a panic is why it failed.
func take(run func()) (why any) {
	defer func() { why = recover() }()
	control("Reset", nil)
	run()
	return nil
}

func main() {
	printVersions()
	configuration := must(config.LoadDefaultConfig(ctx))
	patient = ivs.NewFromConfig(configuration)
	once = ivs.NewFromConfig(configuration, func(options *ivs.Options) {
		options.Retryer = aws.NopRetryer{}
	})
	chat = ivschat.NewFromConfig(configuration, func(options *ivschat.Options) {
		options.Retryer = aws.NopRetryer{}
	})

	failed := false
	for _, step := range slices.Concat(resources, streams, refusals, rooms, chatRefusals) {
		if why := take(step.run); why != nil {
			failed = true
			fmt.Printf("step %s FAILED: %v\n", step.name, why)
		} else {
			fmt.Printf("step %s passed\n", step.name)
		}
	}
	if failed {
		os.Exit(1)
	}
}
