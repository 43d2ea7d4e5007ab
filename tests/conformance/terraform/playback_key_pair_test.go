package terraform

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/md5"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ivs"
	"github.com/aws/aws-sdk-go-v2/service/ivs/types"
)

// newKey generates a public key: as PEM, and the fingerprint that it must get.
func newKey(t *testing.T) (string, string) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	must(t, err)
	var bytes []string
	for _, octet := range md5.Sum(der) {
		bytes = append(bytes, hex.EncodeToString([]byte{octet}))
	}
	block := pem.Block{Type: "PUBLIC KEY", Bytes: der}
	return string(pem.EncodeToMemory(&block)), strings.Join(bytes, ":")
}

func (p provider) pollKeyPair(arn string) func() (*types.PlaybackKeyPair, string, error) {
	return func() (*types.PlaybackKeyPair, string, error) {
		answer, err := p.ivs.GetPlaybackKeyPair(ctx, &ivs.GetPlaybackKeyPairInput{Arn: &arn})
		if err != nil {
			return found[types.PlaybackKeyPair](nil, "", err)
		}
		return answer.KeyPair, normal, nil
	}
}

func TestAPlaybackKeyPairIsImportedReplacedAndDestroyed(t *testing.T) {
	p := configure(t)
	for _, name := range []string{"door", "window"} {
		material, fingerprint := newKey(t)
		tags := map[string]string{"Name": name}

		imported, err := p.ivs.ImportPlaybackKeyPair(ctx, &ivs.ImportPlaybackKeyPairInput{
			PublicKeyMaterial: &material, Name: aws.String(name), Tags: tags})
		must(t, err)
		arn := *imported.KeyPair.Arn
		await(t, p.pollKeyPair(arn), "", normal)
		read, _, err := p.pollKeyPair(arn)()
		must(t, err)
		expect(t, text(read.Name), name)
		expect(t, text(read.Fingerprint), fingerprint)
		p.expectTags(arn, tags)

		_, err = p.ivs.DeletePlaybackKeyPair(ctx,
			&ivs.DeletePlaybackKeyPairInput{Arn: &arn})
		must(t, err)
		awaitGone(t, p.pollKeyPair(arn), normal)
	}
}
