package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// object is JSON as received.
type object = map[string]any

// must returns the response of a call that has to succeed.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// post makes a bare call. It returns the status and the parsed JSON.
func post(path string, members object) (int, object) {
	if members == nil {
		members = object{}
	}
	body := must(json.Marshal(members))
	answer := must(http.Post(os.Getenv("AWS_ENDPOINT_URL_IVS")+"/"+path,
		"application/json", bytes.NewReader(body)))
	defer answer.Body.Close()
	said := object{}
	if answer.StatusCode != http.StatusNoContent {
		if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
			panic(err)
		}
	}
	return answer.StatusCode, said
}

// raw is the response of a bare call that succeeds.
func raw(path string, members object) object {
	status, said := post(path, members)
	if status >= 300 {
		panic(fmt.Sprintf("%s: %d %v", path, status, said))
	}
	return said
}

func control(operation string, members object) object {
	return raw("_ivs-local/"+operation, members)
}

// newChannel creates a channel with a bare call and returns its ARN.
func newChannel(members object) string {
	return raw("CreateChannel", members)["channel"].(object)["arn"].(string)
}

// notKnown are the members that this version of the SDK does not have.
var notKnown = map[string]bool{"failoverSlateConfigurationArn": true}

// zeros are at the end of a time, where the SDK has none.
var zeros = regexp.MustCompile(`^(.*T[0-9:]{8})(?:\.0*|(\.[0-9]*?)0*)Z$`)

// unset is an enum without a value, which for the SDK is the same as an empty one.
type unset struct{}

// structure is a struct of the SDK in the form of JSON: the name of a member begins with
// a lower case letter there, and what is nil is absent.
func structure(value reflect.Value) object {
	said := object{}
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" {
			continue
		}
		if member := plain(value.Field(i)); member != nil {
			said[strings.ToLower(field.Name[:1])+field.Name[1:]] = member
		}
	}
	return said
}

// plain is a value of the SDK in the form of JSON, nil if it is absent.
func plain(value reflect.Value) any {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if value.IsNil() {
			return nil
		}
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return plain(value.Elem())
	case reflect.Slice:
		items := []any{}
		for i := range value.Len() {
			items = append(items, plain(value.Index(i)))
		}
		return items
	case reflect.Map:
		entries := object{}
		for _, key := range value.MapKeys() {
			entries[key.String()] = plain(value.MapIndex(key))
		}
		return entries
	case reflect.Struct:
		if moment, is := value.Interface().(time.Time); is {
			return moment.UTC().Format(time.RFC3339Nano)
		}
		return structure(value)
	case reflect.Int, reflect.Int32, reflect.Int64:
		return float64(value.Int())
	case reflect.String:
		if value.Type() != reflect.TypeFor[string]() && value.String() == "" {
			return unset{}
		}
		return zeros.ReplaceAllString(value.String(), "${1}${2}Z")
	default:
		return value.Interface()
	}
}

// compare panics at the first member that differs from the JSON.
func compare(path string, said, wanted any) {
	switch said := said.(type) {
	case unset:
		if wanted == nil || wanted == "" {
			return
		}
	case []any:
		if items, is := wanted.([]any); is && len(items) == len(said) {
			for i := range said {
				compare(fmt.Sprintf("%s[%d]", path, i), said[i], items[i])
			}
			return
		}
	case object:
		if members, is := wanted.(object); is {
			for name := range with(said, members) {
				if _, is := said[name]; is || !notKnown[name] {
					compare(path+"."+name, said[name], members[name])
				}
			}
			return
		}
	}
	if !reflect.DeepEqual(said, wanted) {
		panic(fmt.Sprintf("%s: %v is not %v", path, said, wanted))
	}
}

// equal compares what the SDK parsed with JSON.
func equal(seen, wanted any) {
	compare("", plain(reflect.ValueOf(seen)), plain(reflect.ValueOf(wanted)))
}

// with is the object and these members.
func with(base, members object) object {
	all := object{}
	for _, part := range []object{base, members} {
		for name, value := range part {
			all[name] = value
		}
	}
	return all
}
