namespace AiGateway.Domain;

/// <summary>What a user has used and holds in the day and the month of a request. Amounts are in nano-dollars.</summary>
/// <param name="DayRequests">Requests counted in the day.</param>
/// <param name="MonthRequests">Requests counted in the month.</param>
/// <param name="MonthSettledNanoUsd">Cost that is settled in the month.</param>
/// <param name="MonthHeldNanoUsd">Maximum cost of the requests under way.</param>
public readonly record struct QuotaUse(long DayRequests, long MonthRequests, long MonthSettledNanoUsd, long MonthHeldNanoUsd);
