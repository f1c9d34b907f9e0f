using System.Collections.ObjectModel;
using System.Text.Json;

namespace AiGateway.Api.Contracts;

/// <summary>A list in a request. Reading stops at the first member too many, before the rest is parsed.</summary>
/// <typeparam name="T">Its members.</typeparam>
/// <param name="most">Most members.</param>
/// <param name="path">Where it stands in the request, as a JSON path.</param>
/// <param name="members">The noun for its members in errors.</param>
public abstract class BoundedList<T>(int most, string path, string members) : Collection<T>
{
    /// <inheritdoc/>
    protected override void InsertItem(int index, T item)
    {
        if (Count >= most) throw new JsonException($"must hold 1 to {most} {members}", path, null, null);
        base.InsertItem(index, item);
    }
}

/// <summary>The messages of a conversation, at most 2048.</summary>
public sealed class MessageList() : BoundedList<MessageRequest?>(2048, "$.messages", "messages");

/// <summary>Texts that end an answer, at most 4.</summary>
public sealed class StopList() : BoundedList<string>(4, "$.options.stop", "texts");
