using AiGateway.Application;
using AiGateway.Domain;

namespace AiGateway.Infrastructure.Callers;

/// <summary>The scopes above a caller, from the widest to the most specific, as the database has them.</summary>
internal sealed class CallerScopes
{
    private readonly Scope[] _widestFirst;

    /// <param name="lowest">The project or team; null: none.</param>
    /// <param name="parent">Its parent.</param>
    /// <param name="grandparent">The parent of that.</param>
    public CallerScopes(Scope? lowest, Scope? parent, Scope? grandparent) =>
        _widestFirst = [.. ((Scope?[])[grandparent, parent, lowest]).OfType<Scope>()];

    /// <summary>Why the caller is refused; null: no scope is disabled.</summary>
    public CallerRefusal? FindRefusal() => Array.Find(_widestFirst, static scope => scope.Disabled) is { } disabled
        ? new CallerRefusal(
            ErrorCode.Unauthenticated,
            $"The {disabled.Kind.ToName()} {disabled.Name} is disabled. Keys and users below it are refused. Ask an administrator.")
        : null;

    /// <summary>The caller with its path and allowed models.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="key">The key in use; null for a token.</param>
    public Caller Complete(Caller caller, ApiKey? key)
    {
        var models = _widestFirst.Where(static scope => scope.AllowedModels is not null)
            .Select(static scope => new ModelList(scope.Kind, scope.Name, WordList.Split(scope.AllowedModels)!));
        if (key?.AllowedModels is { } own) models = models.Append(new ModelList(ScopeKind.Key, key.Name, WordList.Split(own)!));
        ModelList[] lists = [.. models];
        return caller with
        {
            Path = _widestFirst.Length == 0 ? ScopePath.Empty : new ScopePath(ToSteps()),
            AllowedModels = lists.Length == 0 ? ModelAccess.All : new ModelAccess(lists),
            AllowedNetworks = KeyNetworks.Read(key?.AllowedNetworks),
        };
    }

    private ScopeStep[] ToSteps()
    {
        var steps = new ScopeStep[_widestFirst.Length];
        var zone = LocalDays.Utc;
        for (var i = 0; i < steps.Length; i++)
        {
            var scope = _widestFirst[i];
            zone = scope.TimeZone ?? zone;
            steps[i] = new ScopeStep(scope.Kind, scope.Id, scope.Name, zone);
        }

        return steps;
    }
}

/// <summary>Why a known key or subject is no caller.</summary>
/// <param name="Code">The code of the error.</param>
/// <param name="Message">Its words.</param>
internal sealed record CallerRefusal(ErrorCode Code, string Message)
{
    public AiGatewayException ToException() => new(Code, Message);
}
