/**
 * What a predicate may call: functions of MySQL and MariaDB whose result depends on their arguments alone and that have
 * no side effects. This is a list of what is allowed, because a stored function may do anything and new versions bring
 * new functions.
 */

const OPERATORS = `and or xor not in between like rlike regexp is div mod case when then else binary interval escape`;
/** Behind CAST, CONVERT and the like. */
const TYPES = `char nchar varchar varbinary decimal dec numeric datetime timestamp time date year signed unsigned float double real`;
const CONTROL = `if ifnull nullif nvl nvl2 coalesce isnull greatest least strcmp default`;
const NUMBERS = `abs acos asin atan atan2 ceil ceiling conv cos cot crc32 crc32c degrees exp floor format ln log log10 log2 oct
  pi pow power radians round sign sin sqrt tan truncate bit_count`;
const TEXTS = `ascii bin bit_length char_length character_length chr concat concat_ws convert cast elt export_set field find_in_set
  from_base64 hex insert instr lcase left length octet_length locate lower lpad ltrim make_set mid ord position quote repeat replace
  reverse right rpad rtrim soundex space substr substring substring_index to_base64 to_char trim ucase unhex upper weight_string
  regexp_like regexp_instr regexp_replace regexp_substr charset collation coercibility md5 sha sha1 sha2 compress uncompress
  uncompressed_length match against natural_sort_key`;
const DATES = `adddate addtime convert_tz date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear extract
  from_days from_unixtime hour last_day makedate maketime microsecond minute month monthname period_add period_diff quarter
  sec_to_time second str_to_date subdate subtime time_format time_to_sec timediff timestampadd timestampdiff to_days to_seconds
  unix_timestamp week weekday weekofyear yearweek add_months get_format`;
const OTHERS = `json_array json_array_append json_array_insert json_compact json_contains json_contains_path json_depth json_exists
  json_extract json_insert json_keys json_length json_loose json_merge_patch json_merge_preserve json_normalize json_object
  json_overlaps json_pretty json_query json_quote json_remove json_replace json_search json_set json_type json_unquote json_valid
  json_value inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6 is_ipv4_compat is_ipv4_mapped uuid_to_bin bin_to_uuid
  is_uuid st_area st_astext st_aswkt st_asbinary st_aswkb st_asgeojson st_contains st_crosses st_dimension st_disjoint st_distance
  st_envelope st_equals st_geometrytype st_geomfromtext st_geomfromwkb st_intersects st_isempty st_issimple st_isvalid st_length
  st_numpoints st_overlaps st_srid st_touches st_within st_x st_y point mbrcontains mbrequals mbrintersects mbrwithin`;

export const ALLOWED_CALLS: ReadonlySet<string> = new Set(
  [OPERATORS, TYPES, CONTROL, NUMBERS, TEXTS, DATES, OTHERS].join(' ').split(/\s+/),
);

/** They select other rows at each reading: allowed, with a warning. Some need no brackets. */
export const MOVING_CALLS: ReadonlySet<string> = new Set(
  `now sysdate curdate curtime current_date current_time current_timestamp localtime localtimestamp utc_date utc_time
  utc_timestamp`.split(/\s+/),
);

/** Words that begin a query, a lock or an output. A column of such a name must be between backquotes. */
export const REFUSED_WORDS: ReadonlySet<string> = new Set(
  `select table values with into union except intersect exists lateral lock procedure handler current_user current_role
  session_user system_user`.split(/\s+/),
);
