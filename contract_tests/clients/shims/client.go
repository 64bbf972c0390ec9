// A small client for Go 1.18 and later, to start from: orders images, waits, reports in JSON.
//
//	go build -o client client.go
//	BASE_URL=http://127.0.0.1:8080/v1 API_KEY=sk-... ./client --prompt="A red fox" --n=2
//
// It needs nothing but Go's own library. The last line that it prints is its outcome.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	pollEvery           = 5 * time.Second
	longestWait         = 120 * time.Second
	longestPause        = 45 * time.Second
	mostTroublesInARow  = 6
	callTimeout         = 60 * time.Second
	mostBytes           = 64 << 20
	failed, unknown     = "failed", "unknown"
	succeeded, canceled = "succeeded", "cancelled"
)

// outcome is what is printed in the end.
type outcome struct {
	Status   string    `json:"status"`
	TaskID   *string   `json:"task_id"`
	URLs     []string  `json:"urls"`
	Code     any       `json:"code"`
	Message  *string   `json:"message"`
	Progress []float64 `json:"progress"`
}

// orderError says why there are no images; status is the word for it in the outcome.
type orderError struct {
	status  string
	code    any
	message string
}

func (e *orderError) Error() string { return e.message }

// reply is one that came whole.
type reply struct {
	status  int
	header  http.Header
	content []byte
}

// object is the JSON object in a reply, an empty one if there is none.
func (r *reply) object() map[string]any {
	value := map[string]any{}
	if json.Unmarshal(r.content, &value) != nil || value == nil {
		return map[string]any{}
	}
	return value
}

// refusal is what a reply says is wrong.
func (r *reply) refusal(status string) *orderError {
	body := r.object()
	var found any = body
	if inner, ok := body["error"]; ok {
		found = inner
	}
	return told(found, status, r.status, fmt.Sprintf("HTTP status %d", r.status))
}

// retryAfter is how long a reply asks to wait, 0 where it asks for nothing sensible.
func (r *reply) retryAfter() time.Duration {
	text := strings.TrimSpace(r.header.Get("Retry-After"))
	var asked time.Duration
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		asked = time.Duration(seconds) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		asked = time.Until(date)
	}
	if asked < 0 || asked > longestPause {
		return 0
	}
	return asked
}

// told is the server's own words on an error, as far as there are any.
func told(found any, status string, code any, message string) *orderError {
	err := &orderError{status, code, message}
	words, _ := found.(map[string]any)
	switch seen := words["code"].(type) {
	case string:
		err.code = seen
	case float64:
		if seen == math.Trunc(seen) {
			err.code = int64(seen)
		}
	}
	if seen, ok := words["message"].(string); ok {
		err.message = seen
	}
	return err
}

// client follows no redirect: the key is for one host alone.
var client = &http.Client{
	Timeout:       callTimeout,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// send makes one call to the end of its reply.
func send(request *http.Request) (*reply, error) {
	request.Header.Set("User-Agent", "image-client/1.0")
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, mostBytes))
	return &reply{response.StatusCode, response.Header, content}, err
}

// call calls the API; with an order it is a POST.
func call(path string, order []byte) (*reply, error) {
	method := http.MethodGet
	if order != nil {
		method = http.MethodPost
	}
	address := strings.TrimSuffix(os.Getenv("BASE_URL"), "/") + "/" + path
	request, err := http.NewRequest(method, address, bytes.NewReader(order))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("API_KEY"))
	if order != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return send(request)
}

// pause waits so long, or as long as asked; the jitter keeps clients apart.
func pause(wait, asked time.Duration) {
	if asked > wait {
		wait = asked
	}
	time.Sleep(wait + time.Duration(rand.Int63n(int64(wait)/4+1)))
}

// submit places the order, once: it is paid for as soon as it is accepted. The id of its task.
func submit(order []byte) (string, error) {
	var last *reply
	for attempt := 0; ; attempt++ {
		got, err := call("images/generations", order)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return "", &orderError{failed, "no_reply", err.Error()}
		}
		if err != nil {
			return "", &orderError{unknown, "no_reply", "no whole reply: " + err.Error()}
		}
		last = got
		if got.status != http.StatusTooManyRequests || attempt == 4 {
			break
		}
		pause(time.Second<<attempt, got.retryAfter())
	}
	if last.status >= 400 && last.status < 500 {
		return "", last.refusal(failed)
	}
	if last.status != http.StatusOK {
		return "", last.refusal(unknown)
	}
	id, _ := last.object()["id"].(string)
	if id == "" {
		return "", &orderError{unknown, "no_task", "the reply names no task"}
	}
	return id, nil
}

// wait polls until the task has ended; the URLs of its images.
func wait(id string, result *outcome) ([]string, error) {
	deadline := time.Now().Add(longestWait)
	next, asked := pollEvery, time.Duration(0)
	troubles, isKnown := 0, false
	for time.Now().Add(next).Before(deadline) && time.Now().Add(asked).Before(deadline) {
		pause(next, asked)
		next, asked = pollEvery, 0
		got, err := call("images/generations/"+url.PathEscape(id), nil)
		status, trouble := 0, &orderError{unknown, "no_reply", "no whole reply"}
		if err == nil {
			status, trouble = got.status, got.refusal(unknown)
			if task := got.object(); status == http.StatusOK && len(task) > 0 {
				troubles, isKnown = 0, true
				if urls, err := look(task, result); urls != nil || err != nil {
					return urls, err
				}
				continue
			}
		}
		// Reading a status changes nothing, so some trouble is put up with, but not for ever.
		troubles++
		if status == http.StatusTooManyRequests {
			next, asked = time.Second<<(troubles-1), got.retryAfter()
		}
		// A new task may not be known everywhere at once.
		isNew := status == http.StatusNotFound && !isKnown && troubles < 3
		isClients := status >= 400 && status < 500
		isRefused := isClients && status != http.StatusTooManyRequests && !isNew
		if isRefused || troubles > mostTroublesInARow {
			if isClients {
				trouble.status = failed
			}
			return nil, trouble
		}
	}
	return nil, &orderError{unknown, "timeout", "the task takes too long; it may end later"}
}

// look is the URLs if a task has succeeded, nil while it goes on.
func look(task map[string]any, result *outcome) ([]string, error) {
	if percent, ok := task["progress"].(float64); ok && percent >= 0 && percent <= 100 {
		told := result.Progress
		if len(told) == 0 || percent >= told[len(told)-1] {
			result.Progress = append(told, percent)
		}
	}
	switch task["status"] {
	case "failed":
		return nil, told(task["error"], failed, "failed", "the task failed")
	case "succeeded", "completed":
	default:
		return nil, nil
	}
	urls := []string{}
	found, _ := task["result"].(map[string]any)
	data, _ := found["data"].([]any)
	for _, each := range data {
		item, _ := each.(map[string]any)
		if address, ok := item["url"].(string); ok {
			urls = append(urls, address)
		}
	}
	return urls, nil
}

// isWhole says whether an image has its end: PNG, JPEG or WebP.
func isWhole(image []byte) bool {
	switch {
	case len(image) < 12:
		return false
	case bytes.HasPrefix(image, []byte("RIFF")):
		return uint64(len(image)) >= uint64(binary.LittleEndian.Uint32(image[4:]))+8
	case bytes.HasPrefix(image, []byte("\x89PNG")):
		return bytes.HasSuffix(image, []byte("IEND\xaeB`\x82"))
	}
	return bytes.HasPrefix(image, []byte{0xff, 0xd8}) && bytes.HasSuffix(image, []byte{0xff, 0xd9})
}

// download saves one image, whole or not at all; the key stays at home.
func download(address, file string) error {
	name := filepath.Base(file)
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return &orderError{failed, "download", name + " has no usable address"}
	}
	got, err := send(request)
	if err != nil {
		return &orderError{failed, "download", name + " could not be fetched: " + err.Error()}
	}
	if got.status != http.StatusOK {
		return &orderError{failed, "download", fmt.Sprintf("%s: HTTP status %d", name, got.status)}
	}
	if !isWhole(got.content) {
		return &orderError{failed, "download", name + " is no whole image"}
	}
	return os.WriteFile(file, got.content, 0o644)
}

// texts collects an option that may be given several times.
type texts []string

func (t *texts) String() string { return strings.Join(*t, " ") }

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

// readOrder reads the order, what was not asked for left out, and where to save the images.
func readOrder() (map[string]any, string) {
	var references texts
	prompt := flag.String("prompt", "", "what to draw")
	n := flag.Int("n", 1, "how many")
	size := flag.String("size", "", "such as 3:2")
	model := flag.String("model", "gpt-4o-image", "the model")
	mask := flag.String("mask_url", "", "URL of a mask")
	folder := flag.String("out-dir", "", "where to save the images")
	flag.Var(&references, "reference_images", "URL of an image; repeatable")
	flag.Parse()
	order := map[string]any{"model": *model, "prompt": *prompt, "n": *n}
	if *size != "" {
		order["size"] = *size
	}
	if *mask != "" {
		order["mask_url"] = *mask
	}
	if references != nil {
		order["reference_images"] = references
	}
	return order, *folder
}

// work does the job; result is filled in on the way.
func work(order map[string]any, folder string, result *outcome) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(order); err != nil {
		return err
	}
	id, err := submit(body.Bytes())
	if err != nil {
		return err
	}
	result.TaskID = &id
	urls, err := wait(id, result)
	if err != nil {
		return err
	}
	result.URLs = urls
	if len(urls) != order["n"] {
		message := fmt.Sprintf("%d ordered, %d came", order["n"], len(urls))
		return &orderError{failed, "missing_images", message}
	}
	for index, address := range urls {
		if folder == "" {
			break
		}
		if err := download(address, filepath.Join(folder, fmt.Sprintf("image-%d", index+1))); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	rand.Seed(time.Now().UnixNano())
	order, folder := readOrder()
	result := &outcome{Status: succeeded, URLs: []string{}, Progress: []float64{}}
	done := make(chan error, 1)
	go func() { done <- work(order, folder, result) }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	select {
	case <-stop:
		result = &outcome{Status: canceled, URLs: []string{}, Progress: []float64{}}
	case err := <-done:
		var known *orderError
		if errors.As(err, &known) {
			result.Status, result.Code, result.Message = known.status, known.code, &known.message
		} else if err != nil {
			message := err.Error()
			result.Status, result.Message = failed, &message
		}
	}
	line, _ := json.Marshal(result)
	fmt.Println(string(line))
	if result.Status != succeeded {
		os.Exit(1)
	}
}
