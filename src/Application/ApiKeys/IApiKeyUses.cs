namespace AiGateway.Application.ApiKeys;

/// <summary>When keys were last used.</summary>
public interface IApiKeyUses
{
    /// <summary>Notes that a key is used now. It is written later, at most once a minute for each key.</summary>
    void Note(Guid keyId);
}
