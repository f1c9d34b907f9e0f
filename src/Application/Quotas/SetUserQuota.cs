using System.Globalization;
using AiGateway.Application.Administration;
using AiGateway.Application.Users;
using AiGateway.Domain;
using FluentValidation;
using MediatR;

namespace AiGateway.Application.Quotas;

/// <summary>Sets the limits of a user. They apply from the ledger's next decision on.</summary>
public sealed record SetUserQuota(Actor By, Guid UserId, long? DailyRequests, long? MonthlyRequests, decimal? MonthlySpendUsd)
    : IRequest<UserQuota>, IAdministrativeChange<UserQuota>, IWithinTeam
{
    IEnumerable<TeamTarget> IWithinTeam.Targets => [new(ScopeKind.User, UserId)];

    AdministrativeAction IAdministrativeChange<UserQuota>.Describe(UserQuota set) => new(
        AdminActions.SetQuota,
        $"user {UserId}",
        $"daily {Shown(DailyRequests)}, monthly {Shown(MonthlyRequests)}, monthly spend {Shown(MonthlySpendUsd)} USD");

    private static string Shown(IFormattable? limit) => limit?.ToString(null, CultureInfo.InvariantCulture) ?? "unlimited";
}

internal sealed class SetUserQuotaValidator : AbstractValidator<SetUserQuota>
{
    private const decimal MaxSpendUsd = 1_000_000_000;
    private const int NanoUsdDecimals = 9;

    public SetUserQuotaValidator()
    {
        RuleFor(command => command.DailyRequests).GreaterThanOrEqualTo(0).WithMessage("must not be negative; null means unlimited");
        RuleFor(command => command.MonthlyRequests).GreaterThanOrEqualTo(0).WithMessage("must not be negative; null means unlimited");
        RuleFor(command => command.MonthlySpendUsd)
            .Must(usd => usd is null or (>= 0 and <= MaxSpendUsd))
            .WithMessage($"must be between 0 and {MaxSpendUsd}; null means unlimited")
            .Must(usd => usd is null || decimal.Round(usd.Value, NanoUsdDecimals) == usd)
            .WithMessage("must not be finer than a nano-dollar (9 decimals)");
    }
}

internal sealed class SetUserQuotaHandler(IUserStore users, IQuotaStore quotas, SpentQuotas spent, TimeProvider time)
    : IRequestHandler<SetUserQuota, UserQuota>
{
    public async Task<UserQuota> Handle(SetUserQuota command, CancellationToken cancellationToken)
    {
        await users.RequireAsync(command.UserId, cancellationToken);
        long? spend = command.MonthlySpendUsd is { } usd ? Money.FromUsd(usd) : null;
        var limits = new QuotaLimits(command.DailyRequests, command.MonthlyRequests, spend);
        await quotas.SaveLimitsAsync(command.UserId, limits, command.By, time.GetUtcNow(), cancellationToken);
        spent.Forget(command.UserId);
        return new(limits, IsDefault: false);
    }
}
