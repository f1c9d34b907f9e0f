using AiGateway.Application.Administration;
using AiGateway.Application.ApiKeys;
using AiGateway.Application.Generation;
using AiGateway.Application.Ledger;
using AiGateway.Application.Quotas;
using AiGateway.Domain;
using AutoMapper;

namespace AiGateway.Api.Contracts;

/// <summary>Maps the use cases' flat results to the wire. Amounts become dollars here only.</summary>
internal sealed class ContractProfile : Profile
{
    public ContractProfile()
    {
        // No list of models means all models; an empty list would mean none.
        AllowNullCollections = true;
        CreateMap<TokenUsage, UsageResponse>();
        CreateMap<GenerationEstimate, EstimateResponse>()
            .ForCtorParam(nameof(EstimateResponse.PromptTokens), map => map.MapFrom(estimate => estimate.Cost.PromptTokens))
            .ForCtorParam(nameof(EstimateResponse.MaxCompletionTokens), map => map.MapFrom(estimate => estimate.Cost.MaxCompletionTokens))
            .ForCtorParam(nameof(EstimateResponse.MaxCostUsd), map => map.MapFrom(estimate => Money.ToUsd(estimate.Cost.MaxCostNanoUsd)))
            .ForCtorParam(nameof(EstimateResponse.Allowed), map => map.MapFrom(estimate => estimate.Refusal == null))
            .ForCtorParam(nameof(EstimateResponse.RefusedBy), map => map.MapFrom(estimate => estimate.Refusal!.LimitName));
        CreateMap<User, UserResponse>();
        CreateMap<UserQuota, UserQuotaResponse>()
            .ForCtorParam(nameof(UserQuotaResponse.DailyRequests), map => map.MapFrom(quota => quota.Limits.DailyRequests))
            .ForCtorParam(nameof(UserQuotaResponse.MonthlyRequests), map => map.MapFrom(quota => quota.Limits.MonthlyRequests))
            .ForCtorParam(nameof(UserQuotaResponse.MonthlySpendUsd), map => map.MapFrom(quota => Money.ToUsd(quota.Limits.MonthlySpendNanoUsd)));
        CreateMap<UserModelPreference, PreferenceContract>();
        CreateMap<Scope, OrganisationResponse>()
            .ForCtorParam(nameof(OrganisationResponse.AllowedModels), map => map.MapFrom(scope => WordList.Split(scope.AllowedModels)));
        CreateMap<Scope, TeamResponse>()
            .ForCtorParam(nameof(TeamResponse.OrganisationId), map => map.MapFrom(scope => scope.ParentId!.Value))
            .ForCtorParam(nameof(TeamResponse.AllowedModels), map => map.MapFrom(scope => WordList.Split(scope.AllowedModels)));
        CreateMap<Scope, ProjectResponse>()
            .ForCtorParam(nameof(ProjectResponse.TeamId), map => map.MapFrom(scope => scope.ParentId!.Value))
            .ForCtorParam(nameof(ProjectResponse.AllowedModels), map => map.MapFrom(scope => WordList.Split(scope.AllowedModels)));
        CreateMap<ApiKey, ApiKeyResponse>()
            .ForCtorParam(nameof(ApiKeyResponse.Scopes), map => map.MapFrom(key => WordList.Split(key.Scopes)))
            .ForCtorParam(nameof(ApiKeyResponse.Tags), map => map.MapFrom(key => WordList.Split(key.Tags) ?? Array.Empty<string>()))
            .ForCtorParam(nameof(ApiKeyResponse.AllowedModels), map => map.MapFrom(key => WordList.Split(key.AllowedModels)))
            .ForCtorParam(nameof(ApiKeyResponse.AllowedNetworks), map => map.MapFrom(key => WordList.Split(key.AllowedNetworks)));
        CreateMap<CreatedApiKey, CreatedApiKeyResponse>()
            .ForCtorParam(nameof(CreatedApiKeyResponse.Id), map => map.MapFrom(created => created.Key.Id))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Key), map => map.MapFrom(created => created.Secret))
            .ForCtorParam(nameof(CreatedApiKeyResponse.UserId), map => map.MapFrom(created => created.Key.UserId))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Name), map => map.MapFrom(created => created.Key.Name))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Prefix), map => map.MapFrom(created => created.Key.Prefix))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Scopes), map => map.MapFrom(created => WordList.Split(created.Key.Scopes)))
            .ForCtorParam(nameof(CreatedApiKeyResponse.CreatedAt), map => map.MapFrom(created => created.Key.CreatedAt))
            .ForCtorParam(nameof(CreatedApiKeyResponse.ExpiresAt), map => map.MapFrom(created => created.Key.ExpiresAt))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Description), map => map.MapFrom(created => created.Key.Description))
            .ForCtorParam(nameof(CreatedApiKeyResponse.Tags), map => map.MapFrom(created => WordList.Split(created.Key.Tags) ?? Array.Empty<string>()))
            .ForCtorParam(nameof(CreatedApiKeyResponse.TeamId), map => map.MapFrom(created => created.Key.TeamId))
            .ForCtorParam(nameof(CreatedApiKeyResponse.ProjectId), map => map.MapFrom(created => created.Key.ProjectId))
            .ForCtorParam(nameof(CreatedApiKeyResponse.AllowedModels), map => map.MapFrom(created => WordList.Split(created.Key.AllowedModels)))
            .ForCtorParam(nameof(CreatedApiKeyResponse.AllowedNetworks), map => map.MapFrom(created => WordList.Split(created.Key.AllowedNetworks)));
        CreateMap<CreatedApiKey, RotatedApiKeyResponse>()
            .ForCtorParam(nameof(RotatedApiKeyResponse.Id), map => map.MapFrom(rotated => rotated.Key.Id))
            .ForCtorParam(nameof(RotatedApiKeyResponse.Key), map => map.MapFrom(rotated => rotated.Secret))
            .ForCtorParam(nameof(RotatedApiKeyResponse.Prefix), map => map.MapFrom(rotated => rotated.Key.Prefix))
            .ForCtorParam(nameof(RotatedApiKeyResponse.PreviousValidUntil), map => map.MapFrom(rotated => rotated.Key.PreviousValidUntil));
        CreateMap<UsageRecord, UsageItemResponse>()
            .ForCtorParam(nameof(UsageItemResponse.User), map => map.MapFrom(record => record.EndUser))
            .ForCtorParam(nameof(UsageItemResponse.Operation), map => map.MapFrom(record => WireName.Of(record.Operation)))
            .ForCtorParam(nameof(UsageItemResponse.Status), map => map.MapFrom(record => WireName.Of(record.Status)))
            .ForCtorParam(nameof(UsageItemResponse.UsageSource), map => map.MapFrom(record => WireName.Of(record.UsageSource)))
            .ForCtorParam(nameof(UsageItemResponse.TotalTokens), map => map.MapFrom(record => record.PromptTokens + record.CompletionTokens))
            .ForCtorParam(nameof(UsageItemResponse.CostUsd), map => map.MapFrom(record => Money.ToUsd(record.CostNanoUsd)))
            .ForCtorParam(nameof(UsageItemResponse.Attempts), map => map.MapFrom(record => AttemptMapping.Of(record)))
            .ForCtorParam(nameof(UsageItemResponse.HeldUsd), map => map.MapFrom(record => Money.ToUsd(record.HeldNanoUsd)));
        CreateMap<UsageCorrection, CorrectionResponse>()
            .ForCtorParam(nameof(CorrectionResponse.PreviousCostUsd), map => map.MapFrom(correction => Money.ToUsd(correction.PreviousCostNanoUsd)))
            .ForCtorParam(nameof(CorrectionResponse.CostUsd), map => map.MapFrom(correction => Money.ToUsd(correction.CostNanoUsd)));
        CreateMap<Verification, VerificationResponse>()
            .ForCtorParam(nameof(VerificationResponse.Balanced), map => map.MapFrom(found => found.Ledger.Balanced))
            .ForCtorParam(nameof(VerificationResponse.Rows), map => map.MapFrom(found => found.Ledger.Rows))
            .ForCtorParam(nameof(VerificationResponse.Held), map => map.MapFrom(found => found.Ledger.Held))
            .ForCtorParam(nameof(VerificationResponse.Differences), map => map.MapFrom(found => found.Ledger.Differences))
            .ForCtorParam(nameof(VerificationResponse.BudgetDifferences), map => map.MapFrom(found => found.Ledger.BudgetDifferences));
        CreateMap<BudgetDifference, BudgetDifferenceResponse>()
            .ForCtorParam(nameof(BudgetDifferenceResponse.Kind), map => map.MapFrom(difference => WireName.Of(difference.Scope.Kind)))
            .ForCtorParam(nameof(BudgetDifferenceResponse.ScopeId), map => map.MapFrom(difference => difference.Scope.ScopeId))
            .ForCtorParam(nameof(BudgetDifferenceResponse.Model), map => map.MapFrom(difference => difference.Scope.Model))
            .ForCtorParam(nameof(BudgetDifferenceResponse.EndUser), map => map.MapFrom(difference => difference.Scope.EndUser));
        CreateMap<AuditVerification, AuditVerificationResponse>();
        CreateMap<AuditHead, AuditHeadResponse>();
        CreateMap<AuditFault, AuditFaultResponse>()
            .ForCtorParam(nameof(AuditFaultResponse.Problem), map => map.MapFrom(fault => WireName.Of(fault.Problem)));
        CreateMap<LedgerDifference, DifferenceResponse>()
            .ForCtorParam(nameof(DifferenceResponse.Period), map => map.MapFrom(difference => WireName.Of(difference.Period.Kind)))
            .ForCtorParam(nameof(DifferenceResponse.Start), map => map.MapFrom(difference => difference.Period.Start));
    }
}

/// <summary>
/// The attempts of a usage record. A record of a single attempt keeps no list, because its own columns describe the attempt.
/// </summary>
internal static class AttemptMapping
{
    public static IReadOnlyList<AttemptResponse> Of(UsageRecord record) => record switch
    {
        { Attempts: { } attempts } => [.. attempts.Select(ToResponse)],
        { Status: UsageStatus.Held or UsageStatus.Released } => [],
        _ => [new(record.Provider, record.Model, WireName.Of(OutcomeOf(record)), Money.ToUsd(record.CostNanoUsd), record.LatencyMs)],
    };

    private static AttemptResponse ToResponse(RequestAttempt attempt) =>
        new(attempt.Provider, attempt.Model, WireName.Of(attempt.Outcome), Money.ToUsd(attempt.CostNanoUsd), attempt.LatencyMs);

    private static AttemptOutcome OutcomeOf(UsageRecord record) => record.Status switch
    {
        UsageStatus.Unknown or UsageStatus.Expired => AttemptOutcome.Unknown,
        _ when record.ErrorCode == ErrorCode.ClientClosedRequest.ToName() => AttemptOutcome.ClientLeft,
        _ => AttemptOutcome.Answered,
    };
}
