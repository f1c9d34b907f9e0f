namespace AiGateway.Application.Quotas;

/// <summary>What a user has used and holds in the current periods; amounts in nano-dollars.</summary>
public sealed record QuotaUse(
    long DayRequests, long MonthRequests, long MonthSettledNanoUsd, long MonthHeldNanoUsd);
