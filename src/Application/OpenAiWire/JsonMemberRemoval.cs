using System.Text.Json;

namespace AiGateway.Application.OpenAiWire;

/// <summary>Removes a top-level member from a JSON object and keeps every other byte.</summary>
internal static class JsonMemberRemoval
{
    /// <summary>The object without the member, and without one of the commas beside it; a missing member changes nothing.</summary>
    public static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> body, string name)
    {
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        var endOfLast = (int)json.BytesConsumed;
        var isFirst = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)json.TokenStartIndex;
            var isMeant = json.ValueTextEquals(name);
            json.Read();
            json.Skip();
            var end = (int)json.BytesConsumed;
            if (!isMeant)
            {
                (endOfLast, isFirst) = (end, false);
                continue;
            }

            // Up to the next name; of the last member also the comma before it.
            var hasNext = json.Read() && json.TokenType == JsonTokenType.PropertyName;
            return hasNext ? Cut(body.Span, start, (int)json.TokenStartIndex) : Cut(body.Span, isFirst ? start : endOfLast, end);
        }

        return body;
    }

    private static byte[] Cut(ReadOnlySpan<byte> body, int start, int end) => [.. body[..start], .. body[end..]];
}
