using AiGateway.Application;
using AiGateway.Domain;

namespace AiGateway.HotPath;

/// <summary>A caller, and typical JSON of OpenAI's wire.</summary>
internal static class Samples
{
    public const string Model = "gpt-5.5-2026-04-23";

    public static readonly Caller Caller = new(
        new Guid("0199c0de-0000-7000-8000-00000000aaaa"), "someone", new Guid("0199c0de-0000-7000-8000-00000000bbbb"), [Scopes.Generate]);

    public static byte[] Request =>
        """
        {
          "model": "gpt-5.5",
          "messages": [
            {"role": "system", "content": "You are a helpful assistant who answers briefly."},
            {"role": "user", "content": "Explain in two sentences why the sky is blue."},
            {"role": "assistant", "content": "Air scatters short waves more than long ones. So blue light reaches us from all sides."},
            {"role": "user", "content": "And why does it turn red in the evening?"}
          ],
          "temperature": 0.7,
          "max_completion_tokens": 500,
          "stream": true,
          "user": "customer-4711"
        }
        """u8.ToArray();

    public static byte[] Reply =>
        """
        {
          "id": "chatcmpl-CvT9aXk2QmZ8",
          "object": "chat.completion",
          "created": 1795341600,
          "model": "gpt-5.5-2026-04-23",
          "choices": [
            {
              "index": 0,
              "message": {
                "role": "assistant",
                "content": "In the evening sunlight crosses far more air before it reaches you.\nMost of the blue is scattered away on that path, and the red that is left colours the sky.",
                "refusal": null,
                "annotations": []
              },
              "logprobs": null,
              "finish_reason": "stop"
            }
          ],
          "usage": {
            "prompt_tokens": 71,
            "completion_tokens": 37,
            "total_tokens": 108,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}
          },
          "service_tier": "default",
          "system_fingerprint": "fp_44709d6fcb"
        }
        """u8.ToArray();

    public static byte[] Chunk =>
        """{"id":"chatcmpl-CvT9aXk2QmZ8","object":"chat.completion.chunk","created":1795341600,"model":"gpt-5.5-2026-04-23","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" evening"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"kX81Qs"}"""u8.ToArray();
}
