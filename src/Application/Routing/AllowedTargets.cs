using AiGateway.Domain;

namespace AiGateway.Application.Routing;

/// <summary>
/// Keeps the targets whose model the key and its path allow. The model of the target decides, so a route gives no access to a
/// model that its name alone would hide.
/// </summary>
internal static class AllowedTargets
{
    /// <summary>The groups without targets that are not allowed; none is empty.</summary>
    /// <param name="groups">All groups of the requested name.</param>
    /// <param name="models">The models of the caller.</param>
    /// <param name="asked">The requested name.</param>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.ModelNotAllowed"/>: no target is left.</exception>
    public static IReadOnlyList<IReadOnlyList<Candidate>> Keep(IReadOnlyList<IReadOnlyList<Candidate>> groups, ModelAccess models, string asked)
    {
        if (models.Lists.Count == 0) return groups;
        IReadOnlyList<Candidate>[] kept =
            [.. groups.Select(group => group.Where(each => models.Allows(each.Model.Model)).ToArray()).Where(group => group.Length > 0)];
        return kept.Length > 0 ? kept : throw Refuse(models.FindRefusing(groups[0][0].Model.Model)!, asked);
    }

    /// <summary>Refuses a model that the caller may not use.</summary>
    /// <exception cref="AiGatewayException"><see cref="ErrorCode.ModelNotAllowed"/>: it is refused.</exception>
    public static void Require(ModelAccess models, string model)
    {
        if (models.FindRefusing(model) is { } list) throw Refuse(list, model);
    }

    private static AiGatewayException Refuse(ModelList list, string asked) => new(
        ErrorCode.ModelNotAllowed,
        $"The {(list.Kind == ScopeKind.Key ? "API key" : list.Kind.ToName())} {list.Name} does not allow the model {asked}. "
        + $"Use another model. An administrator can add it to the allowedModels of the {(list.Kind == ScopeKind.Key ? "key" : list.Kind.ToName())}.");
}
