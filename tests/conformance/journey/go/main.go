// The journey of ../journey.md with the AWS SDK for Go v2.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
)

const sdk = "github.com/aws/aws-sdk-go-v2/service/ivs"

var (
	ctx = context.Background()

	// once calls once; patient retries like the SDK by default.
	once, patient *ivs.Client
)

type step struct {
	name string
	run  func()
}

// sdkVersion is the version that the program was built with.
func sdkVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == sdk {
			return module.Version
		}
	}
	return "unknown"
}

// take runs one step: the value of a panic is why it failed.
func take(run func()) (why any) {
	defer func() { why = recover() }()
	control("Reset", nil)
	run()
	return nil
}

func main() {
	fmt.Printf("sdk aws-sdk-go-v2/service/ivs %s\n", sdkVersion())
	configuration := must(config.LoadDefaultConfig(ctx))
	patient = ivs.NewFromConfig(configuration)
	once = ivs.NewFromConfig(configuration, func(options *ivs.Options) {
		options.Retryer = aws.NopRetryer{}
	})

	failed := false
	for _, step := range append(append(resources, streams...), refusals...) {
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
