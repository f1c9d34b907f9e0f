namespace AiGateway.Application.Usage;

/// <summary>The property by which usage records are summed. The numbers are stored.</summary>
public enum UsageGrouping
{
    /// <summary>The user; the group is the user's id.</summary>
    User = 0,

    /// <summary>The model that answered.</summary>
    Model = 1,

    /// <summary>The provider that answered.</summary>
    Provider = 2,

    /// <summary>The API key; the group is the key's id, empty for JWT callers.</summary>
    Key = 3,

    /// <summary>The UTC day, as yyyy-MM-dd.</summary>
    Day = 4,
}
