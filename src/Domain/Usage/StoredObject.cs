namespace AiGateway.Domain;

/// <summary>
/// Something that a provider keeps for a caller, such as a stored response or an item of one. Whoever made it is the only
/// one who may name it.
/// </summary>
public sealed class StoredObject
{
    /// <summary>The most characters of an id; longer ones are not kept, and so can not be named later.</summary>
    public const int MaxIdLength = 200;

    /// <summary>The provider's id.</summary>
    public required string Id { get; init; }

    /// <summary>Who made it.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The request that made it.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The provider that keeps it.</summary>
    public required string Provider { get; init; }

    /// <summary>
    /// Prompt and completion tokens of the request that made it, which the model would read again; null while its usage
    /// record tells them.
    /// </summary>
    public long? Tokens { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public User? User { get; init; }
}
