using System.Globalization;
using AiGateway.Application.Administration;
using AiGateway.Application.Ledger;
using AiGateway.Application.Validation;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Usage;

/// <summary>Sets the cost of a request to the amount that its provider billed.</summary>
public sealed record CorrectUsage(Actor By, Guid RequestId, decimal? CostUsd, string? Reason)
    : IRequest<UsageCorrection>, IAdministrativeChange<UsageCorrection>, IReadsLedger
{
    AdministrativeAction IAdministrativeChange<UsageCorrection>.Describe(UsageCorrection made) => new(
        AdminActions.CorrectUsage,
        $"request {RequestId}",
        string.Create(CultureInfo.InvariantCulture, $"cost {made.PreviousCostNanoUsd} to {made.CostNanoUsd} nano-USD, correction {made.Id}"));
}

internal sealed class CorrectUsageValidator : AbstractValidator<CorrectUsage>
{
    private const decimal MaxCostUsd = 1_000_000;
    private const int NanoUsdDecimals = 9;

    public CorrectUsageValidator()
    {
        RuleFor(command => command.CostUsd)
            .NotNull().WithMessage("is required: the new total cost in US dollars, such as \"0.0123\"")
            .Must(usd => usd is null or (>= 0 and <= MaxCostUsd)).WithMessage($"must be between 0 and {MaxCostUsd}")
            .Must(usd => usd is null || decimal.Round(usd.Value, NanoUsdDecimals) == usd)
            .WithMessage($"must have at most {NanoUsdDecimals} decimals");
        RuleFor(command => command.Reason).NotNull().WithMessage("is required: say why the cost is corrected")
            .IsName(UsageCorrection.MaxReasonLength);
    }
}

internal sealed class CorrectUsageHandler(IUsageCorrections corrections) : IRequestHandler<CorrectUsage, UsageCorrection>
{
    public Task<UsageCorrection> Handle(CorrectUsage command, CancellationToken cancellationToken) => corrections.CorrectAsync(
        new NewCorrection(command.RequestId, Money.FromUsd(command.CostUsd!.Value), command.Reason!), command.By, cancellationToken);
}
