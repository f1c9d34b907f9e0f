using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class UserModelPreferenceMapping : IEntityTypeConfiguration<UserModelPreference>
{
    public void Configure(EntityTypeBuilder<UserModelPreference> builder)
    {
        builder.ToTable("user_model_preferences");
        builder.HasKey(preference => preference.UserId).HasName("pk_user_model_preferences");
        builder.Property(preference => preference.UserId).HasColumnName("user_id").ValueGeneratedNever();
        builder.Property(preference => preference.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(preference => preference.Provider).HasColumnName("provider").HasMaxLength(StoredText.NameLength);
        builder.Property(preference => preference.UpdatedAt).HasColumnName("updated_at");
        builder.HasOne(preference => preference.User).WithOne(user => user.Preference)
            .HasForeignKey<UserModelPreference>(preference => preference.UserId)
            .HasConstraintName("fk_user_model_preferences_users").OnDelete(DeleteBehavior.Restrict);
    }
}
