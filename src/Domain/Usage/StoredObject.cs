namespace AiGateway.Domain;

/// <summary>
/// An object that a provider stores for a caller, such as a stored response or an item of one. Only its owner may refer to
/// it.
/// </summary>
public sealed class StoredObject
{
    /// <summary>
    /// The most characters of an id. Objects with longer ids are not recorded, so requests cannot refer to them.
    /// </summary>
    public const int MaxIdLength = 200;

    /// <summary>The provider's id.</summary>
    public required string Id { get; init; }

    /// <summary>The owner.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The request that created it.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The provider that stores it.</summary>
    public required string Provider { get; init; }

    /// <summary>
    /// Prompt and completion tokens of the request that created it, which the model would read again; null while its usage
    /// record has them.
    /// </summary>
    public long? Tokens { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The owner.</summary>
    public User? User { get; init; }
}
