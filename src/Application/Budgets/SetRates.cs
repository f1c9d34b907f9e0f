using System.Globalization;
using AiGateway.Application.Administration;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Budgets;

/// <summary>Replaces the rates of a scope. They apply from the ledger's next decision on, on every gateway.</summary>
public sealed record SetRates(Actor By, ScopeKind Kind, Guid Id, RateAmounts Amounts)
    : IRequest<IReadOnlyList<RateState>>, IAdministrativeChange<IReadOnlyList<RateState>>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(Kind, Id) { IsWidened = true }];

    AdministrativeAction IAdministrativeChange<IReadOnlyList<RateState>>.Describe(IReadOnlyList<RateState> response) => new(
        AdminActions.SetRates,
        $"{Kind.ToName()} {Id}",
        $"requests per minute {Shown(Amounts.RequestsPerMinute)}, tokens per minute {Shown(Amounts.TokensPerMinute)}");

    private static string Shown(long? amount) => amount?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
}

internal sealed class SetRatesValidator : AbstractValidator<SetRates>
{
    public SetRatesValidator()
    {
        RuleFor(command => command.Amounts.RequestsPerMinute)
            .Must(amount => amount is null or (>= 1 and <= Rate.MostRequests))
            .OverridePropertyName("requestsPerMinute")
            .WithMessage($"must be a whole number from 1 to {Rate.MostRequests}; null means no rate");
        RuleFor(command => command.Amounts.TokensPerMinute)
            .Must(amount => amount is null or (>= 1 and <= Rate.MostTokens))
            .OverridePropertyName("tokensPerMinute")
            .WithMessage($"must be a whole number from 1 to {Rate.MostTokens}; null means no rate");
    }
}

internal sealed class SetRatesHandler(BudgetReader reader, IRateStore rates, TimeProvider time)
    : IRequestHandler<SetRates, IReadOnlyList<RateState>>
{
    public async Task<IReadOnlyList<RateState>> Handle(SetRates command, CancellationToken cancellationToken)
    {
        await reader.RequireAsync(command.Kind, command.Id, cancellationToken);
        await rates.ReplaceAsync(command.Kind, command.Id, command.Amounts, command.By, time.GetUtcNow(), cancellationToken);
        return await rates.ReadAsync([command.Id], cancellationToken);
    }
}
