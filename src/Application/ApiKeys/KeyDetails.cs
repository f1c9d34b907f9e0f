using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;

namespace AiGateway.Application.ApiKeys;

/// <summary>What a key may have besides its owner, name, scopes and expiry.</summary>
public sealed record KeyDetails
{
    /// <summary>The team that its requests count for; null: that of its user.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The project that its requests count for, whose team is then its team; null: none.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Models that it may use; null: all that its team and organisation allow.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Networks or addresses that it may be used from; null: all.</summary>
    public IReadOnlyList<string>? AllowedNetworks { get; init; }

    /// <summary>A note for administrators; null: none.</summary>
    public string? Description { get; init; }

    /// <summary>Tags for reports; null: none.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

/// <summary>Rules of the details of a key.</summary>
internal static class KeyDetailRules
{
    private const int MaxDescriptionLength = 1000;
    private const int MaxTagLength = 64;

    public const string OnlyOne = "must be left out when projectId is given, because a project belongs to a team";

    public static IRuleBuilderOptions<T, string?> IsDescription<T>(this IRuleBuilder<T, string?> rule) => rule.IsName(MaxDescriptionLength);

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreTags<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule.AreWords(MaxTagLength);

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreNetworks<T>(this IRuleBuilder<T, IReadOnlyList<string>?> rule) => rule
        .Must(list => list is not { Count: 0 }).WithMessage("must hold at least one network, or be null to allow all")
        .Must(list => list is null || list.All(each => KeyNetworks.TryRead(each, out _)))
        .WithMessage("must hold networks such as 10.0.0.0/8 or 2001:db8::/32, or addresses")
        .FitsItsColumn();

    /// <summary>The stored form of a list of networks: each in its shortest form.</summary>
    public static string? JoinNetworks(IEnumerable<string>? networks) =>
        WordList.Join(networks?.Select(each => KeyNetworks.TryRead(each, out var network) ? network.ToString() : each));
}

internal sealed class KeyDetailsValidator : AbstractValidator<KeyDetails>
{
    public KeyDetailsValidator()
    {
        RuleFor(details => details.TeamId).Null().When(details => details.ProjectId is not null).WithMessage(KeyDetailRules.OnlyOne);
        RuleFor(details => details.AllowedModels).AreModelPatterns();
        RuleFor(details => details.AllowedNetworks).AreNetworks();
        RuleFor(details => details.Description).IsDescription();
        RuleFor(details => details.Tags).AreTags();
    }
}
