namespace AiGateway.Application.Usage;

/// <summary>By what usage records are added up.</summary>
public enum UsageGrouping
{
    /// <summary>The user; the group is the user's id.</summary>
    User,

    /// <summary>The model that answered.</summary>
    Model,

    /// <summary>The provider that answered.</summary>
    Provider,

    /// <summary>The API key; the group is the key's id, empty for JWT callers.</summary>
    Key,

    /// <summary>The UTC day, as yyyy-MM-dd.</summary>
    Day,
}
