using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Takes the response out of the last event of a streamed response, which holds all of it.</summary>
public sealed class ResponseOfEvents : IEventCollector
{
    private ReadOnlyMemory<byte>? _last;

    /// <inheritdoc/>
    public void Add(ReadOnlyMemory<byte> json, bool isLast)
    {
        if (isLast) _last = json.ToArray();
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ToJson()
    {
        if (_last is not { } last) return null;
        using var json = JsonDocument.Parse(last);
        return json.RootElement.Find("response"u8) is { ValueKind: JsonValueKind.Object } response ? JsonSerializer.SerializeToUtf8Bytes(response) : null;
    }
}
