using AiGateway.Application.Providers;

namespace AiGateway.Infrastructure.Configuration.Providers;

/// <summary>Reads the list <c>Routes</c>. docs/providers.md describes its members.</summary>
internal sealed class RouteListReader(SettingReader reader, IReadOnlySet<string> providers)
{
    public const string Section = "Routes";
    private const int MaxModelLength = 200;
    private const int MaxWeight = 1_000_000;

    public IReadOnlyDictionary<string, ModelRoute> Read()
    {
        var routes = new Dictionary<string, ModelRoute>(StringComparer.Ordinal);
        foreach (var item in reader.Section(Section).GetChildren())
        {
            var route = new SectionReader(item, reader);
            if (route.RequiredName("model", MaxModelLength) is not { } model) continue;
            var groups = route.Items("groups").Select(ReadGroup).ToArray();
            if (groups.Length == 0) route.Fault("groups", "must hold at least one group");
            var fallbackOn = ReadReasons(route);
            route.RefuseOthers();
            if (!routes.TryAdd(model, new ModelRoute(model, groups) { FallbackOn = fallbackOn })) route.Fault("model", "must be unique");
        }

        return routes;
    }

    private TargetGroup ReadGroup(SectionReader group)
    {
        var targets = group.Items("targets").Select(ReadTarget).ToArray();
        if (targets.Length == 0) group.Fault("targets", "must hold at least one target");
        group.RefuseOthers();
        return new TargetGroup(targets);
    }

    private RouteTarget ReadTarget(SectionReader target)
    {
        var provider = target.RequiredText("provider") ?? "";
        var model = target.RequiredName("model", MaxModelLength) ?? "";
        var weight = target.Whole("weight", 1, MaxWeight) ?? 1;
        if (provider.Length > 0 && !providers.Contains(provider)) target.Fault("provider", $"must be a configured provider: {string.Join(", ", providers.Order(StringComparer.Ordinal))}");
        target.RefuseOthers();
        return new RouteTarget(provider, model, (int)weight);
    }

    private static FallbackReasons ReadReasons(SectionReader route)
    {
        var reasons = FallbackReasons.None;
        foreach (var word in route.Words("fallbackOn") ?? [])
        {
            if (word is "context") reasons |= FallbackReasons.Context;
            else if (word is "content") reasons |= FallbackReasons.Content;
            else route.Fault("fallbackOn", "must be any of context, content");
        }

        return reasons;
    }
}
