#pragma once
// Debian's libxml2 is built with ICU, and its headers then declare ICU's types, which Foundation
// declares as well. Nothing here uses them: only the last fields of a structure that libxml2 alone
// makes depend on this switch.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlwriter.h>
