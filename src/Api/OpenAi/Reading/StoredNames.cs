using AiGateway.Api.Wires;

namespace AiGateway.Api.OpenAi.Reading;

/// <summary>Ids of objects stored at a provider that a request refers to.</summary>
internal sealed class StoredNames
{
    /// <summary>Most distinct ids of stored content in one request.</summary>
    public const int MaxReferences = 256;

    /// <summary>
    /// Most distinct ids of items that carry their content. Each is looked up, because a user must not use the items of
    /// another.
    /// </summary>
    public const int MaxCarried = 10_000;

    private readonly List<string> _references = [];
    private readonly HashSet<string> _distinct = new(StringComparer.Ordinal);
    private readonly HashSet<string> _carried = new(StringComparer.Ordinal);

    /// <summary>In order, with repetitions, because the model reads each as often as it is named.</summary>
    public IReadOnlyList<string> References => _references;

    /// <summary>Each once.</summary>
    public IReadOnlyCollection<string> Carried => _carried;

    public void AddReference(string? id)
    {
        if (id is null) return;
        _distinct.Add(id);
        if (_distinct.Count <= MaxReferences) _references.Add(id);
    }

    public void AddCarried(string? id)
    {
        if (id is not null && _carried.Count <= MaxCarried) _carried.Add(id);
    }

    public void Check(WireReader reader)
    {
        if (_distinct.Count > MaxReferences)
            reader.Blame("input", $"refers to more than {MaxReferences} stored objects. Send their content instead");
        if (_carried.Count > MaxCarried)
            reader.Blame("input", $"holds more than {MaxCarried} items with an id. Leave the ids out");
    }
}
